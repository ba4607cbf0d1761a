"""YouTube: resumable uploads, the list of a channel, quotas, and the token endpoint."""
