/**
 * Client connections: Helidon's HTTP/1.1 with deadlines on every phase and an eye on who has left.
 */
package io.weir.ingress.connection;
