"""The processes that make it happen: poller, analyser, deliverer, dashboard and the command line."""
