/** Who the tenants are, what they may do, and by which keys they are known. */
package io.weir.schemas.tenants;
