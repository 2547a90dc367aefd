"""The page that shows a camera or film while it happens."""
