/** Configuration as records: defaults, units, validation, and errors that name key and line. */
package io.weir.routing.config;
