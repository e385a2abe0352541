"""What this program does."""
