"""门厅 api: the way in for people: the app, signing in, errors in words, and what is put together from several rooms."""
