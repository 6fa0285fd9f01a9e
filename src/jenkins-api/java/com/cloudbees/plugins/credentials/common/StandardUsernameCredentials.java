package com.cloudbees.plugins.credentials.common;

/** A user name, an id and a description. */
public interface StandardUsernameCredentials extends StandardCredentials, UsernameCredentials {}
