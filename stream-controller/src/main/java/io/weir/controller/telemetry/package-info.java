/** Asks the engines that are this controller's own how they are, every second. */
package io.weir.controller.telemetry;
