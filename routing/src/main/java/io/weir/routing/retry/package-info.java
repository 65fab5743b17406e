/**
 * What is tried again, where and when: retries and their budget, engines that are left alone, and
 * hedges. Everything here is a value or is told the time; nothing waits.
 */
package io.weir.routing.retry;
