package com.cloudbees.plugins.credentials;

import java.io.Serializable;

/** Who may use credentials. */
public enum CredentialsScope implements Serializable {
    SYSTEM,
    GLOBAL,
    USER
}
