package com.cloudbees.plugins.credentials;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import java.io.Serializable;

/** A secret that Jenkins keeps for its users. */
public interface Credentials extends Describable<Credentials>, Serializable, ExtensionPoint {}
