package com.cloudbees.plugins.credentials.common;

/** A user name, a password, an id and a description. */
public interface StandardUsernamePasswordCredentials extends StandardUsernameCredentials, UsernamePasswordCredentials {}
