/** Where things lie: distances between regions. */
package io.weir.launcher.fleet;
