"""The comparison: a chat as the tutorial of Channels builds it, with a durable insert added."""
