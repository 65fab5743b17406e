/** The admin API over HTTP. */
package io.weir.controller.admin;
