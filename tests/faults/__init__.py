"""What must survive: kills, full disks, damaged files, hostile input."""
