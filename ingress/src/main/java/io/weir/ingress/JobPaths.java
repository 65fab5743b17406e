package io.weir.ingress;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;

/** Finds what is asked of files and batches. */
record JobPaths(FilesApi files, BatchesApi batches) {
  static final String FILES = "/v1/files";
  private static final String BATCHES = "/v1/batches";
  private static final String CONTENT = "/content";
  private static final String CANCEL = "/cancel";

  static boolean covers(String path) {
    return isBelow(FILES, path) || isBelow(BATCHES, path);
  }

  static boolean isBelow(String collection, String path) {
    return path.equals(collection) || path.startsWith(collection + "/");
  }

  void handle(String path, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    if (isBelow(FILES, path)) {
      files(path.substring(FILES.length()), tenant, request, response);
    } else {
      batches(path.substring(BATCHES.length()), tenant, request, response);
    }
  }

  private void files(String rest, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    if (rest.isEmpty()) {
      if (isPost(request)) {
        files.create(tenant, request, response);
      } else {
        requireGet(request, response, "GET, POST");
        files.list(tenant, request, response);
      }
    } else if (rest.endsWith(CONTENT)) {
      requireGet(request, response, "GET");
      files.content(
          rest.substring(1, Math.max(1, rest.length() - CONTENT.length())),
          tenant,
          request,
          response);
    } else if (request.prologue().method().equals(Method.DELETE)) {
      files.delete(rest.substring(1), tenant, request, response);
    } else {
      requireGet(request, response, "GET, DELETE");
      files.get(rest.substring(1), tenant, request, response);
    }
  }

  private void batches(String rest, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    if (rest.isEmpty()) {
      if (isPost(request)) {
        batches.create(tenant, request, response);
      } else {
        requireGet(request, response, "GET, POST");
        batches.list(tenant, request, response);
      }
    } else if (rest.endsWith(CANCEL)) {
      if (!isPost(request)) {
        throw refused(request, response, "POST");
      }
      batches.cancel(
          rest.substring(1, Math.max(1, rest.length() - CANCEL.length())),
          tenant,
          request,
          response);
    } else {
      requireGet(request, response, "GET");
      batches.get(rest.substring(1), tenant, request, response);
    }
  }

  private static boolean isPost(ServerRequest request) {
    return request.prologue().method().equals(Method.POST);
  }

  private static void requireGet(ServerRequest request, ServerResponse response, String allowed)
      throws RefusedException {
    Method used = request.prologue().method();
    if (!used.equals(Method.GET) && !used.equals(Method.HEAD)) {
      throw refused(request, response, allowed);
    }
  }

  private static RefusedException refused(
      ServerRequest request, ServerResponse response, String allowed) {
    response.headers().set(HeaderNames.ALLOW, allowed);
    return new RefusedException(
        ApiError.invalid(
            405,
            "method_not_allowed",
            "Use " + allowed + ", not " + request.prologue().method().text() + "."));
  }
}
