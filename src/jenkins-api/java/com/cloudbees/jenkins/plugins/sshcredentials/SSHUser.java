package com.cloudbees.jenkins.plugins.sshcredentials;

import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;

/** A user of an SSH server. */
@Deprecated
public interface SSHUser extends StandardUsernameCredentials {}
