"""What a training minimises, one file each."""
