"""From plain data to text with roles: values, traces, backward walks, graphs.  No widgets."""
