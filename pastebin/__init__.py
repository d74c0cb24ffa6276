"""A file host: pages, links and image sizes for whatever is dropped on it."""
