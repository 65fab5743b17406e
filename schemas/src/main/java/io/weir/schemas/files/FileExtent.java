package io.weir.schemas.files;

/**
 * Where a file lies.
 *
 * @param bytes how many there are
 * @param partition of the topic of parts
 * @param firstOffset of its first part
 * @param lastOffset of its last part; less than the first if there is none
 */
public record FileExtent(long bytes, int partition, long firstOffset, long lastOffset) {}
