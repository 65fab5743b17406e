package io.weir.controller.requests;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds what all stores of the process together hold outside the heap: by default each of the
 * partitions' stores may take about 100 MB.
 */
public final class StateMemory implements RocksDBConfigSetter {
  private static final long MIB = 1 << 20;
  private static final long CACHE_BYTES = 16 * MIB;
  private static final long BUFFERS_BYTES = 8 * MIB;
  private static final long BUFFER_BYTES = MIB;
  private static final int OPEN_FILES = 64;

  /** One for the process: it lives as long, so nothing closes it. */
  private static final class Shared {
    static {
      RocksDB.loadLibrary();
    }

    static final Cache CACHE = new LRUCache(CACHE_BYTES);
    static final WriteBufferManager BUFFERS = new WriteBufferManager(BUFFERS_BYTES, CACHE);
    static final BloomFilter FILTER = new BloomFilter();
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(Shared.CACHE);
    // Most ids are new: the filter tells so without a look at the disk.
    table.setFilterPolicy(Shared.FILTER);
    table.setCacheIndexAndFilterBlocks(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(Shared.BUFFERS);
    options.setWriteBufferSize(BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
    options.setMaxOpenFiles(OPEN_FILES);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  @Override
  public void close(String storeName, Options options) {
    // Everything set above is shared by all stores.
  }
}
