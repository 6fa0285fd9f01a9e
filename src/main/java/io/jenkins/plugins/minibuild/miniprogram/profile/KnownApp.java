package io.jenkins.plugins.minibuild.miniprogram.profile;

/** The name and the AppID of a profile, for whoever has to know that there is one. A job that may not use the profile knows no more of it. */
public record KnownApp(String name, String appId) {}
