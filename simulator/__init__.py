"""The outside world on loopback: Facebook and Zalo as an official page meets them."""
