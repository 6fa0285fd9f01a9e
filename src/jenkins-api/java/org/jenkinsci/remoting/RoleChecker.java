package org.jenkinsci.remoting;

/** Checks where a callable may run. */
public abstract class RoleChecker {}
