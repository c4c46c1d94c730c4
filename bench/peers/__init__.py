"""What allybot is compared with: plain, idiomatic uses of other libraries for the same work."""
