"""Processes that are measured: each is asked by lines on its standard input and answers by lines of JSON."""
