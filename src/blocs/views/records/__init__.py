"""What commands answer, for machines: records at the edge, field names are the JSON keys."""
