"""What happens next, across areas and companies."""
