/** Who is alive: heartbeats, the lease that each renews, and the view of all of them. */
package io.weir.schemas.members;
