/** What a Flink cluster in application mode consists of, beside Flink's Maven artifacts. */
package io.weir.flink.standalone;
