"""One file per subject of the almanac: how it is compared with data sets."""
