package hudson.model;

/** Holds items. */
public interface ItemGroup<T extends Item> extends PersistenceRoot, ModelObject {
    String getFullName();
}
