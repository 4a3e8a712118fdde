"""Who: people, agencies, the roles and mandates that join them, and the directory in which they find each other."""
