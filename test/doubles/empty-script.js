// The tests install the double of a vendor's client themselves, so this script has nothing to define.
