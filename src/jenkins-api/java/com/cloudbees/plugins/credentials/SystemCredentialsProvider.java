package com.cloudbees.plugins.credentials;

import hudson.model.AbstractDescribableImpl;
import hudson.model.Saveable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The credentials of the whole Jenkins; the local slice keeps them in memory. */
public class SystemCredentialsProvider extends AbstractDescribableImpl<SystemCredentialsProvider> implements Saveable {
    private static final SystemCredentialsProvider INSTANCE = new SystemCredentialsProvider();

    private final List<Credentials> credentials = new CopyOnWriteArrayList<>();

    public static SystemCredentialsProvider getInstance() {
        return INSTANCE;
    }

    public List<Credentials> getCredentials() {
        return credentials;
    }

    @Override
    public void save() throws IOException {}
}
