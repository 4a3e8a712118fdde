"""The site and the ground floor; it knows neither agencies nor projects."""
