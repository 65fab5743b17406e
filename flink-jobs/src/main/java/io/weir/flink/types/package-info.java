/** How values travel between the job's operators and lie in its state. */
package io.weir.flink.types;
