"""What the people at the desk see and do."""
