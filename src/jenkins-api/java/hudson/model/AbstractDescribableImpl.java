package hudson.model;

/** The old base of describables; Step still extends it. */
@Deprecated
public abstract class AbstractDescribableImpl<T extends AbstractDescribableImpl<T>> implements Describable<T> {}
