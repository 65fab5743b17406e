/** The stream controller: publishes the fleet, watches its engines, and answers operators. */
package io.weir.controller;
