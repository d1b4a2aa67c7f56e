"""What every answer gets: headers, error pages, language, text size, sign-in, kept bytes."""
