"""Facebook Pages and Messenger as the Graph API shows them."""
