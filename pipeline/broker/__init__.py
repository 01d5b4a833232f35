"""Speed, never truth: the RQ queues and the Redis or Valkey server behind them."""
