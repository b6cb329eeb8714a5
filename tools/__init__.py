"""What keeps the house in order: installing, checking, generating."""
