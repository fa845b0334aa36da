"""Uploads and syncs asked for over HTTP: kept on disk, carried out one after another."""
