package io.weir.schemas.members;

import io.weir.schemas.Role;
import java.util.Optional;

/**
 * Who a member is.
 *
 * @param id unique among all members
 * @param role what it does
 * @param source where it takes requests in, for roles that belong to a source
 * @param address base URL of its health and metrics pages
 */
public record Identity(String id, Role role, Optional<String> source, String address) {}
