package io.weir.schemas.files;

import java.io.IOException;

/** A file's parts are no longer all in the log. */
public final class FileGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  FileGoneException(String file) {
    super("File " + file + " has been deleted with the log it lay in.");
  }
}
