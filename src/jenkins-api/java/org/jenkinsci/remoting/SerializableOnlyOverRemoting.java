package org.jenkinsci.remoting;

import java.io.Serializable;

/** May cross a channel, may not be stored. */
public interface SerializableOnlyOverRemoting extends Serializable {}
