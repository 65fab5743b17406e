/** Whether a request may come in: by the delay it would meet, and its tenant's part of it. */
package io.weir.routing.admission;
